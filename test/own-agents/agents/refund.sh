# A support agent in plain sh: it looks the order up, then pays it back. It verifies nobody unless told so by
# its first argument; the second one is how it misbehaves.
read -r task
words=$(printf '%s' "$task" | sed 's/.*"conversation":\[//; s/\].*//')
first() { printf '%s' "$words" | grep -oE "$1" | head -n 1; }
order=$(first 'O-[0-9]{4}') customer=$(first 'C-[0-9]{2}') zip=$(first '[^-0-9][0-9]{5}' | grep -oE '[0-9]+')

case "$2" in
  crash) echo 'no disk left' >&2; exit 3 ;;
  hang) while :; do sleep 0.1; done ;;
  stray) echo "Loading tools ..."; printf '\033[31mwarning\033[0m: {"type":\n' ;;
esac

call() { # tool, arguments as JSON
  printf '{"type":"call","tool":"%s","args":%s}\n' "$1" "$2"
  read -r result
}
[ "$1" = careful ] && call crm.verify_customer "{\"customer_id\":\"$customer\",\"postcode\":\"$zip\"}"
call orders.get_status "{\"order_id\":\"$order\"}"
amount=$(printf '%s' "$result" | sed 's/.*"total_usd":\([0-9.]*\).*/\1/')
call payments.issue_refund "{\"order_id\":\"$order\",\"amount_usd\":$amount,\"reason_code\":\"damaged\"}"
printf '{"type":"reply","text":"Your $%s is on its way."}\n' "$amount"
