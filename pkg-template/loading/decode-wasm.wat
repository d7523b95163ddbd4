;; Decodes the text that scripts/build/encode-wasm.js makes of the wasm. JavaScript runs this loop before the engine has compiled
;; it, and needs three times as long.
(module
  (memory (export "memory") 1)

  ;; The value of the digit at $at. A space replaces `<`, and `!` the backslash.
  (func $digit (param $at i32) (result i32)
    (local $code i32)
    (local.set $code (i32.load8_u (local.get $at)))
    (i32.sub
      (select
        (i32.const 60)
        (select (i32.const 92) (local.get $code) (i32.eq (local.get $code) (i32.const 33)))
        (i32.eq (local.get $code) (i32.const 32)))
      (i32.const 35)))

  ;; Replaces the digits below $end by their bytes, which are never more, and returns the number of bytes.
  (func (export "decode") (param $end i32) (result i32)
    (local $from i32)
    (local $to i32)
    (local $digit i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $digit (call $digit (local.get $from)))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (if (i32.lt_u (local.get $digit) (i32.const 2))
          (then
            (local.set $digit
              (i32.add
                (i32.add (i32.const 92) (i32.mul (local.get $digit) (i32.const 92)))
                (call $digit (local.get $from))))
            (local.set $from (i32.add (local.get $from) (i32.const 1)))))
        (i32.store8 (local.get $to) (i32.sub (local.get $digit) (i32.const 2)))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (br $next)))
    (local.get $to)))
