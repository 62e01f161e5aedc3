/** The candidate's configuration as published in the field: sections beside `agent`. */
export const publishedExample = `agent:
  name: support_refund_agent
  model_tier:
    router: "small"
    executor: "frontier"
budgets:
  max_total_tokens: 24000
  max_tool_calls: 10
  max_wall_time_seconds: 25
tools:
  allowlist:
    - "crm.read_ticket"
    - "orders.get_status"
    - "payments.issue_refund"
policy:
  engine: "opa"
  rules:
    - id: "refund_cap"
      tool: "payments.issue_refund"
      condition: "input.amount_usd <= 50"
      on_fail: "escalate_to_human"
    - id: "pii_redaction"
      condition: "output.contains_pii == false"
      on_fail: "block_and_alert"
observability:
  tracing: "opentelemetry"
  log_fields: ["run_id", "prompt_version", "policy_version", "tool_name", "cost_usd"]
`
