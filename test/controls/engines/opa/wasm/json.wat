;; Reads JSON (RFC 8259). Addresses stand for places in a text; 0 stands for "not there" or "malformed".

;; Where the text ends that is being read.
(global $end (mut i32) (i32.const 0))
;; The character that $next_unit has read.
(global $unit (mut i32) (i32.const 0))

(data (i32.const 1020) "true\00")
(data (i32.const 1028) "false\00")
(data (i32.const 1036) "null\00")

;; 0 behind the end: no character of JSON.
(func $byte (param $p i32) (result i32)
  (if (result i32) (i32.lt_u (local.get $p) (global.get $end))
    (then (i32.load8_u (local.get $p)))
    (else (i32.const 0))))

(func $is_space (param $b i32) (result i32)
  (i32.or
    (i32.or (i32.eq (local.get $b) (i32.const 32)) (i32.eq (local.get $b) (i32.const 9)))
    (i32.or (i32.eq (local.get $b) (i32.const 10)) (i32.eq (local.get $b) (i32.const 13)))))

(func $is_digit (param $b i32) (result i32)
  (i32.lt_u (i32.sub (local.get $b) (i32.const 48)) (i32.const 10)))

(func $skip_space (param $p i32) (result i32)
  (loop $again
    (if (call $is_space (call $byte (local.get $p)))
      (then
        (local.set $p (i32.add (local.get $p) (i32.const 1)))
        (br $again))))
  (local.get $p))

(func $skip_digits (param $p i32) (result i32)
  (loop $again
    (if (call $is_digit (call $byte (local.get $p)))
      (then
        (local.set $p (i32.add (local.get $p) (i32.const 1)))
        (br $again))))
  (local.get $p))

;; At least one digit.
(func $after_digits (param $p i32) (result i32)
  (local $start i32)
  (local.set $start (local.get $p))
  (local.set $p (call $skip_digits (local.get $p)))
  (select (i32.const 0) (local.get $p) (i32.eq (local.get $p) (local.get $start))))

;; -1 for what is no hexadecimal digit.
(func $hex (param $b i32) (result i32)
  (if (call $is_digit (local.get $b))
    (then (return (i32.sub (local.get $b) (i32.const 48)))))
  (local.set $b (i32.sub (i32.or (local.get $b) (i32.const 32)) (i32.const 97)))
  (select
    (i32.add (local.get $b) (i32.const 10))
    (i32.const -1)
    (i32.lt_u (local.get $b) (i32.const 6))))

;; Four hexadecimal digits; -1 where they are not there.
(func $hex4 (param $p i32) (result i32)
  (local $value i32)
  (local $left i32)
  (local $digit i32)
  (local.set $left (i32.const 4))
  (loop $again
    (local.set $digit (call $hex (call $byte (local.get $p))))
    (if (i32.lt_s (local.get $digit) (i32.const 0))
      (then (return (i32.const -1))))
    (local.set $value (i32.or (i32.shl (local.get $value) (i32.const 4)) (local.get $digit)))
    (local.set $p (i32.add (local.get $p) (i32.const 1)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br_if $again (local.get $left)))
  (local.get $value))

;; What the character behind a backslash stands for; 0 for one that may not stand there.
(func $unescaped (param $b i32) (result i32)
  (if (i32.eq (local.get $b) (i32.const 34)) (then (return (i32.const 34))))
  (if (i32.eq (local.get $b) (i32.const 92)) (then (return (i32.const 92))))
  (if (i32.eq (local.get $b) (i32.const 47)) (then (return (i32.const 47))))
  (if (i32.eq (local.get $b) (i32.const 98)) (then (return (i32.const 8))))
  (if (i32.eq (local.get $b) (i32.const 102)) (then (return (i32.const 12))))
  (if (i32.eq (local.get $b) (i32.const 110)) (then (return (i32.const 10))))
  (if (i32.eq (local.get $b) (i32.const 114)) (then (return (i32.const 13))))
  (if (i32.eq (local.get $b) (i32.const 116)) (then (return (i32.const 9))))
  (i32.const 0))

;; Reads one character of a string (a byte of UTF-8, or an escape) into $unit; gives the next place.
(func $next_unit (param $p i32) (result i32)
  (local $b i32)
  (local.set $b (call $byte (local.get $p)))
  ;; Control characters have to be escaped; so 0, the end of the text, is refused too.
  (if (i32.lt_u (local.get $b) (i32.const 32)) (then (return (i32.const 0))))
  (if (i32.ne (local.get $b) (i32.const 92))
    (then
      (global.set $unit (local.get $b))
      (return (i32.add (local.get $p) (i32.const 1)))))
  (local.set $b (call $byte (i32.add (local.get $p) (i32.const 1))))
  (if (i32.eq (local.get $b) (i32.const 117))
    (then
      (global.set $unit (call $hex4 (i32.add (local.get $p) (i32.const 2))))
      (return
        (select
          (i32.const 0)
          (i32.add (local.get $p) (i32.const 6))
          (i32.lt_s (global.get $unit) (i32.const 0))))))
  (global.set $unit (call $unescaped (local.get $b)))
  (select (i32.add (local.get $p) (i32.const 2)) (i32.const 0) (global.get $unit)))

(func $after_string (param $p i32) (result i32)
  (if (i32.ne (call $byte (local.get $p)) (i32.const 34)) (then (return (i32.const 0))))
  (local.set $p (i32.add (local.get $p) (i32.const 1)))
  (loop $again
    (if (i32.eq (call $byte (local.get $p)) (i32.const 34))
      (then (return (i32.add (local.get $p) (i32.const 1)))))
    (local.set $p (call $next_unit (local.get $p)))
    (br_if $again (local.get $p)))
  (i32.const 0))

(func $after_number (param $p i32) (result i32)
  (local $b i32)
  (if (i32.eq (call $byte (local.get $p)) (i32.const 45))
    (then (local.set $p (i32.add (local.get $p) (i32.const 1)))))
  ;; No digit follows a leading zero.
  (if (i32.eq (call $byte (local.get $p)) (i32.const 48))
    (then (local.set $p (i32.add (local.get $p) (i32.const 1))))
    (else (local.set $p (call $after_digits (local.get $p)))))
  (if (i32.eqz (local.get $p)) (then (return (i32.const 0))))
  (if (i32.eq (call $byte (local.get $p)) (i32.const 46))
    (then
      (local.set $p (call $after_digits (i32.add (local.get $p) (i32.const 1))))
      (if (i32.eqz (local.get $p)) (then (return (i32.const 0))))))
  (if (i32.ne (i32.or (call $byte (local.get $p)) (i32.const 32)) (i32.const 101))
    (then (return (local.get $p))))
  (local.set $p (i32.add (local.get $p) (i32.const 1)))
  (local.set $b (call $byte (local.get $p)))
  (if (i32.or (i32.eq (local.get $b) (i32.const 43)) (i32.eq (local.get $b) (i32.const 45)))
    (then (local.set $p (i32.add (local.get $p) (i32.const 1)))))
  (call $after_digits (local.get $p)))

;; $word ends in a zero byte.
(func $after_word (param $p i32) (param $word i32) (result i32)
  (loop $again
    (if (i32.eqz (i32.load8_u (local.get $word))) (then (return (local.get $p))))
    (if (i32.eq (call $byte (local.get $p)) (i32.load8_u (local.get $word)))
      (then
        (local.set $p (i32.add (local.get $p) (i32.const 1)))
        (local.set $word (i32.add (local.get $word) (i32.const 1)))
        (br $again))))
  (i32.const 0))

(func $after_value (param $p i32) (param $depth i32) (result i32)
  (local $b i32)
  (if (i32.gt_u (local.get $depth) (i32.const 1000)) (then (return (i32.const 0))))
  (local.set $b (call $byte (local.get $p)))
  (if (i32.eq (local.get $b) (i32.const 34)) (then (return (call $after_string (local.get $p)))))
  (if (i32.eq (local.get $b) (i32.const 123))
    (then (return (call $after_items (local.get $p) (local.get $depth) (i32.const 125)))))
  (if (i32.eq (local.get $b) (i32.const 91))
    (then (return (call $after_items (local.get $p) (local.get $depth) (i32.const 93)))))
  (if (i32.eq (local.get $b) (i32.const 116))
    (then (return (call $after_word (local.get $p) (i32.const 1020)))))
  (if (i32.eq (local.get $b) (i32.const 102))
    (then (return (call $after_word (local.get $p) (i32.const 1028)))))
  (if (i32.eq (local.get $b) (i32.const 110))
    (then (return (call $after_word (local.get $p) (i32.const 1036)))))
  (call $after_number (local.get $p)))

;; An object ($close is a brace) or a list (a bracket).
(func $after_items (param $p i32) (param $depth i32) (param $close i32) (result i32)
  (local.set $p (call $skip_space (i32.add (local.get $p) (i32.const 1))))
  (if (i32.eq (call $byte (local.get $p)) (local.get $close))
    (then (return (i32.add (local.get $p) (i32.const 1)))))
  (loop $again
    (if (i32.eq (local.get $close) (i32.const 125))
      (then
        (local.set $p (call $after_string (local.get $p)))
        (if (i32.eqz (local.get $p)) (then (return (i32.const 0))))
        (local.set $p (call $skip_space (local.get $p)))
        (if (i32.ne (call $byte (local.get $p)) (i32.const 58)) (then (return (i32.const 0))))
        (local.set $p (call $skip_space (i32.add (local.get $p) (i32.const 1))))))
    (local.set $p
      (call $after_value (local.get $p) (i32.add (local.get $depth) (i32.const 1))))
    (if (i32.eqz (local.get $p)) (then (return (i32.const 0))))
    (local.set $p (call $skip_space (local.get $p)))
    (if (i32.eq (call $byte (local.get $p)) (local.get $close))
      (then (return (i32.add (local.get $p) (i32.const 1)))))
    (if (i32.eq (call $byte (local.get $p)) (i32.const 44))
      (then
        (local.set $p (call $skip_space (i32.add (local.get $p) (i32.const 1))))
        (br $again))))
  (i32.const 0))

(func $is_json (param $start i32) (param $length i32) (result i32)
  (local $p i32)
  (global.set $end (i32.add (local.get $start) (local.get $length)))
  (local.set $p (call $after_value (call $skip_space (local.get $start)) (i32.const 0)))
  (if (i32.eqz (local.get $p)) (then (return (i32.const 0))))
  (i32.eq (call $skip_space (local.get $p)) (global.get $end)))

;; Turns to the text of a value; gives the place of its first character.
(func $open (param $value i32) (result i32)
  (if (i32.eqz (local.get $value)) (then (return (i32.const 0))))
  (global.set $end
    (i32.add (i32.load (local.get $value)) (i32.load offset=4 (local.get $value))))
  (call $skip_space (i32.load (local.get $value))))

;; Whether a value is this very string; $text is ASCII and ends in a zero byte.
(func $is_text (param $p i32) (param $text i32) (result i32)
  (if (i32.ne (call $byte (local.get $p)) (i32.const 34)) (then (return (i32.const 0))))
  (local.set $p (i32.add (local.get $p) (i32.const 1)))
  (loop $again
    (if (i32.eq (call $byte (local.get $p)) (i32.const 34))
      (then (return (i32.eqz (i32.load8_u (local.get $text))))))
    (if (i32.load8_u (local.get $text))
      (then
        (local.set $p (call $next_unit (local.get $p)))
        (if (i32.eq (global.get $unit) (i32.load8_u (local.get $text)))
          (then
            (local.set $text (i32.add (local.get $text) (i32.const 1)))
            (br $again))))))
  (i32.const 0))

;; A member of an object; of two with one name the later counts. 0 also where it is no object.
(func $member (param $p i32) (param $name i32) (result i32)
  (local $found i32)
  (local $is_it i32)
  (if (i32.ne (call $byte (local.get $p)) (i32.const 123)) (then (return (i32.const 0))))
  (local.set $p (call $skip_space (i32.add (local.get $p) (i32.const 1))))
  (if (i32.eq (call $byte (local.get $p)) (i32.const 125)) (then (return (i32.const 0))))
  (loop $again
    (local.set $is_it (call $is_text (local.get $p) (local.get $name)))
    (local.set $p (call $skip_space (call $after_string (local.get $p))))
    (local.set $p (call $skip_space (i32.add (local.get $p) (i32.const 1))))
    (if (local.get $is_it) (then (local.set $found (local.get $p))))
    (local.set $p (call $skip_space (call $after_value (local.get $p) (i32.const 0))))
    (if (i32.eq (call $byte (local.get $p)) (i32.const 44))
      (then
        (local.set $p (call $skip_space (i32.add (local.get $p) (i32.const 1))))
        (br $again))))
  (local.get $found))

(func $is_number (param $p i32) (result i32)
  (local $b i32)
  (local.set $b (call $byte (local.get $p)))
  (i32.or (call $is_digit (local.get $b)) (i32.eq (local.get $b) (i32.const 45))))

;; Whether a number is at most 0.5 * 10^$e. Exact, however many digits it has: it compares the
;; first digit other than 0, where that stands, and whether any digit behind it is not 0.
(func $at_most_half (param $p i32) (param $e i32) (result i32)
  (local $b i32)
  (local $first i32)
  (local $more i32)
  (local $behind_point i32)
  ;; The number is 0.<first>... * 10^magnitude.
  (local $magnitude i32)
  (if (i32.eq (call $byte (local.get $p)) (i32.const 45)) (then (return (i32.const 1))))
  (loop $again
    (local.set $b (call $byte (local.get $p)))
    (if (i32.eq (local.get $b) (i32.const 46))
      (then
        (local.set $behind_point (i32.const 1))
        (local.set $p (i32.add (local.get $p) (i32.const 1)))
        (br $again)))
    (if (call $is_digit (local.get $b))
      (then
        (local.set $b (i32.sub (local.get $b) (i32.const 48)))
        (if (local.get $first)
          (then
            (local.set $more (i32.or (local.get $more) (local.get $b)))
            (if (i32.eqz (local.get $behind_point))
              (then (local.set $magnitude (i32.add (local.get $magnitude) (i32.const 1))))))
          (else
            (local.set $first (local.get $b))
            ;; A zero behind the point takes one off, any other digit before it puts one on.
            (if (i32.eq (i32.eqz (local.get $b)) (local.get $behind_point))
              (then
                (local.set $magnitude
                  (i32.add
                    (local.get $magnitude)
                    (select (i32.const -1) (i32.const 1) (local.get $behind_point))))))))
        (local.set $p (i32.add (local.get $p) (i32.const 1)))
        (br $again))))
  (if (i32.eqz (local.get $first)) (then (return (i32.const 1))))
  (if (i32.eq (i32.or (local.get $b) (i32.const 32)) (i32.const 101))
    (then
      (local.set $magnitude
        (i32.add
          (local.get $magnitude)
          (call $exponent (i32.add (local.get $p) (i32.const 1)))))))
  (if (i32.ne (local.get $magnitude) (local.get $e))
    (then (return (i32.lt_s (local.get $magnitude) (local.get $e)))))
  (if (i32.ne (local.get $first) (i32.const 5))
    (then (return (i32.lt_u (local.get $first) (i32.const 5)))))
  (i32.eqz (local.get $more)))

;; Stops counting at a billion: no text has that many digits to make up for it.
(func $exponent (param $p i32) (result i32)
  (local $b i32)
  (local $value i32)
  (local $sign i32)
  (local.set $sign (i32.const 1))
  (local.set $b (call $byte (local.get $p)))
  (if (i32.or (i32.eq (local.get $b) (i32.const 43)) (i32.eq (local.get $b) (i32.const 45)))
    (then
      (local.set $sign (i32.sub (i32.const 44) (local.get $b)))
      (local.set $p (i32.add (local.get $p) (i32.const 1)))))
  (loop $again
    (local.set $b (call $byte (local.get $p)))
    (if (call $is_digit (local.get $b))
      (then
        (if (i32.lt_u (local.get $value) (i32.const 100000000))
          (then
            (local.set $value
              (i32.add
                (i32.mul (local.get $value) (i32.const 10))
                (i32.sub (local.get $b) (i32.const 48))))))
        (local.set $p (i32.add (local.get $p) (i32.const 1)))
        (br $again))))
  (i32.mul (local.get $sign) (local.get $value)))
