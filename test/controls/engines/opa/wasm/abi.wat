;; What OPA asks of a compiled policy, ABI 1.2: https://www.openpolicyagent.org/docs/wasm
;;
;; A value is two words in memory, where its JSON text begins and how long it is. That is allowed:
;; whoever calls sees values only through opa_json_parse and opa_json_dump. There are no sets here, so
;; the two formats that OPA knows are one. Left out are opa_value_add_path and opa_value_remove_path.
;;
;; A policy brings: $entrypoints and $builtins, which give a text that ends in a zero byte, and
;; $decide (entrypoint, input, data), which gives a result set as such a text.

(import "env" "memory" (memory 2))
(import "env" "opa_abort" (func $opa_abort (param i32)))
(import "env" "opa_println" (func $opa_println (param i32)))
(import "env" "opa_builtin0" (func $opa_builtin0 (param i32 i32) (result i32)))
(import "env" "opa_builtin1" (func $opa_builtin1 (param i32 i32 i32) (result i32)))
(import "env" "opa_builtin2" (func $opa_builtin2 (param i32 i32 i32 i32) (result i32)))
(import "env" "opa_builtin3" (func $opa_builtin3 (param i32 i32 i32 i32 i32) (result i32)))
(import "env" "opa_builtin4" (func $opa_builtin4 (param i32 i32 i32 i32 i32 i32) (result i32)))

(export "memory" (memory 0))
(global (export "opa_wasm_abi_version") i32 (i32.const 1))
(global (export "opa_wasm_abi_minor_version") i32 (i32.const 2))

;; Texts of the module lie below; the heap only grows until somebody sets it back.
(global $heap (mut i32) (i32.const 65536))

(data (i32.const 1000) "out of memory\00")

(func $heap_ptr_get (export "opa_heap_ptr_get") (result i32)
  (global.get $heap))

(func $heap_ptr_set (export "opa_heap_ptr_set") (param $to i32)
  (global.set $heap (local.get $to)))

(func $malloc (export "opa_malloc") (param $size i32) (result i32)
  (local $start i32)
  (local $lacking i32)
  (local.set $start
    (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
  (global.set $heap (i32.add (local.get $start) (local.get $size)))
  (local.set $lacking
    (i32.sub
      (i32.shr_u (i32.add (global.get $heap) (i32.const 65535)) (i32.const 16))
      (memory.size)))
  (if (i32.gt_s (local.get $lacking) (i32.const 0))
    (then
      (if (i32.eq (memory.grow (local.get $lacking)) (i32.const -1))
        (then (call $opa_abort (i32.const 1000))))))
  (local.get $start))

(func $free (export "opa_free") (param $address i32))

(func $value (param $start i32) (param $length i32) (result i32)
  (local $value i32)
  (local.set $value (call $malloc (i32.const 8)))
  (i32.store (local.get $value) (local.get $start))
  (i32.store offset=4 (local.get $value) (local.get $length))
  (local.get $value))

(func $length_of (param $text i32) (result i32)
  (local $end i32)
  (local.set $end (local.get $text))
  (loop $again
    (if (i32.load8_u (local.get $end))
      (then
        (local.set $end (i32.add (local.get $end) (i32.const 1)))
        (br $again))))
  (i32.sub (local.get $end) (local.get $text)))

(func $value_of_text (param $text i32) (result i32)
  (call $value (local.get $text) (call $length_of (local.get $text))))

(func $entrypoints_value (export "entrypoints") (result i32)
  (call $value_of_text (call $entrypoints)))

(func $builtins_value (export "builtins") (result i32)
  (call $value_of_text (call $builtins)))

;; The text stays where it is; 0 where it is no JSON.
(func $json_parse (export "opa_json_parse") (export "opa_value_parse")
  (param $start i32) (param $length i32) (result i32)
  (if (i32.eqz (call $is_json (local.get $start) (local.get $length)))
    (then (return (i32.const 0))))
  (call $value (local.get $start) (local.get $length)))

(func $json_dump (export "opa_json_dump") (export "opa_value_dump") (param $value i32) (result i32)
  (local $copy i32)
  (local $length i32)
  (local.set $length (i32.load offset=4 (local.get $value)))
  (local.set $copy (call $malloc (i32.add (local.get $length) (i32.const 1))))
  (call $copy_bytes (local.get $copy) (i32.load (local.get $value)) (local.get $length))
  (i32.store8 (i32.add (local.get $copy) (local.get $length)) (i32.const 0))
  (local.get $copy))

(func $copy_bytes (param $to i32) (param $from i32) (param $length i32)
  (local $at i32)
  (block $done
    (loop $again
      (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
      (i32.store8
        (i32.add (local.get $to) (local.get $at))
        (i32.load8_u (i32.add (local.get $from) (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $again))))

;; One evaluation: entrypoint, input, data, result set.
(func $ctx_new (export "opa_eval_ctx_new") (result i32)
  (local $ctx i32)
  (local.set $ctx (call $malloc (i32.const 16)))
  (i64.store (local.get $ctx) (i64.const 0))
  (i64.store offset=8 (local.get $ctx) (i64.const 0))
  (local.get $ctx))

(func (export "opa_eval_ctx_set_entrypoint") (param $ctx i32) (param $entrypoint i32)
  (i32.store (local.get $ctx) (local.get $entrypoint)))

(func (export "opa_eval_ctx_set_input") (param $ctx i32) (param $input i32)
  (i32.store offset=4 (local.get $ctx) (local.get $input)))

(func (export "opa_eval_ctx_set_data") (param $ctx i32) (param $data i32)
  (i32.store offset=8 (local.get $ctx) (local.get $data)))

(func (export "opa_eval_ctx_get_result") (param $ctx i32) (result i32)
  (i32.load offset=12 (local.get $ctx)))

(func (export "eval") (param $ctx i32) (result i32)
  (i32.store offset=12 (local.get $ctx)
    (call $value_of_text
      (call $decide
        (i32.load (local.get $ctx))
        (i32.load offset=4 (local.get $ctx))
        (i32.load offset=8 (local.get $ctx)))))
  (i32.const 0))

;; All in one: gives the text of the result set.
(func (export "opa_eval")
  (param $reserved i32) (param $entrypoint i32) (param $data i32)
  (param $input i32) (param $length i32) (param $heap_from i32) (param $format i32)
  (result i32)
  (call $heap_ptr_set (local.get $heap_from))
  (if (local.get $input)
    (then (local.set $input (call $json_parse (local.get $input) (local.get $length)))))
  (call $decide (local.get $entrypoint) (local.get $input) (local.get $data)))
