# The refund cap of docs/policies.md. refund.wat decides the same.
package agent

import rego.v1

# Rego orders values of all kinds: without `is_number`, null would be at most 50.
amount := input.args.amount_usd if is_number(input.args.amount_usd)

is_refund if input.tool.name == "payments.issue_refund"

decision := {"decision": "allow", "reason": "no refund"} if {
	input.tool.name != "payments.issue_refund"
}

decision := {"decision": "allow", "id": "refund_cap", "reason": "at most 50 dollars"} if {
	is_refund
	amount <= 50
}

decision := {"decision": "escalate", "id": "refund_cap", "reason": "more than 50 dollars"} if {
	is_refund
	amount > 50
	amount <= 500
}

decision := {"decision": "deny", "id": "refund_never_above_500", "reason": "more than 500 dollars"} if {
	is_refund
	amount > 500
}

allow := decision.decision == "allow"
