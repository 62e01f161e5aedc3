import { refund } from './refunds.ts'
import { supportAgent } from './support-agent.ts'

export default supportAgent({ refund })
