import { supportAgent } from '../workflow/support-agent.ts'
import { refund } from './refunds.ts'

export default supportAgent({ refund })
