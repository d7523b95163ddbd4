;; Decodes the text that scripts/build/encode-wasm.js makes of the wasm. JavaScript runs this loop before the engine has compiled
;; it, and needs three times as long. Nor is there time to optimize the wasm, so what it does for most bytes, which have one digit,
;; is short and without calls.
(module
  (memory (export "memory") 1)

  ;; Replaces the digits below $end by their bytes, which are never more, and returns the number of bytes.
  (func (export "decode") (param $end i32) (result i32)
    (local $from i32)
    (local $to i32)
    (local $code i32)
    (local $high i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $code (i32.load8_u (local.get $from)))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (if (i32.le_u (local.get $code) (i32.const 36))
          (then
            (local.set $high (i32.const 0))
            ;; The first of two digits.
            (if (i32.ge_u (local.get $code) (i32.const 35))
              (then
                (local.set $high (i32.mul (i32.sub (local.get $code) (i32.const 34)) (i32.const 92)))
                (local.set $code (i32.load8_u (local.get $from)))
                (local.set $from (i32.add (local.get $from) (i32.const 1)))))
            ;; A space replaces `<`, and `!` the backslash.
            (if (i32.eq (local.get $code) (i32.const 32)) (then (local.set $code (i32.const 60))))
            (if (i32.eq (local.get $code) (i32.const 33)) (then (local.set $code (i32.const 92))))
            (local.set $code (i32.add (local.get $code) (local.get $high)))))
        (i32.store8 (local.get $to) (i32.sub (local.get $code) (i32.const 37)))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (br $next)))
    (local.get $to)))
