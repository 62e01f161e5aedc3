;; Answers with what it is told to: `agent/decision` with `input.args.answer`, `agent/data` with
;; `data.answer`, `agent/now` with what the builtin time.now_ns says.

(data (i32.const 1100) "{\"agent/decision\":0,\"agent/data\":1,\"agent/now\":2}\00")
(data (i32.const 1160) "{\"time.now_ns\":7}\00")
(data (i32.const 1180) "args\00")
(data (i32.const 1190) "answer\00")
(data (i32.const 1200) "[{\"result\":")
(data (i32.const 1220) "}]\00")
(data (i32.const 1230) "[]\00")

(func $entrypoints (result i32) (i32.const 1100))
(func $builtins (result i32) (i32.const 1160))

(func $decide (param $entrypoint i32) (param $input i32) (param $data i32) (result i32)
  (if (i32.eqz (local.get $entrypoint))
    (then
      (return
        (call $answer
          (call $member
            (call $member (call $open (local.get $input)) (i32.const 1180))
            (i32.const 1190))))))
  (if (i32.eq (local.get $entrypoint) (i32.const 1))
    (then
      (return (call $answer (call $member (call $open (local.get $data)) (i32.const 1190))))))
  (call $answer (call $open (call $opa_builtin0 (i32.const 7) (i32.const 0)))))

;; The result set with the value at a place.
(func $answer (param $start i32) (result i32)
  (local $length i32)
  (local $text i32)
  (if (i32.eqz (local.get $start)) (then (return (i32.const 1230))))
  (local.set $length
    (i32.sub (call $after_value (local.get $start) (i32.const 0)) (local.get $start)))
  (local.set $text (call $malloc (i32.add (local.get $length) (i32.const 14))))
  (call $copy_bytes (local.get $text) (i32.const 1200) (i32.const 11))
  (call $copy_bytes
    (i32.add (local.get $text) (i32.const 11))
    (local.get $start)
    (local.get $length))
  (call $copy_bytes
    (i32.add (i32.add (local.get $text) (i32.const 11)) (local.get $length))
    (i32.const 1220)
    (i32.const 3))
  (local.get $text))
