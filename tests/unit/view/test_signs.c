#include "view/signs.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "base/utf8.h"

Test(signs, each_is_one_cell_and_has_a_printable_twin)
{
#define X(name, sign, code, twin) { #name, sign, code, twin },
    static const struct {
        const char *name, *sign;
        uint32_t code;
        char twin;
    } signs[] = { SIGNS(X) };
#undef X

    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        uint32_t code = 0;
        struct span sign = span_of(signs[i].sign);

        cr_expect_eq(utf8_decode(sign, &code), sign.len, "%s", signs[i].name);
        cr_expect_eq(code, signs[i].code, "%s", signs[i].name);
        cr_expect_eq(utf8_width(code), 1, "%s", signs[i].name);
        cr_expect(signs[i].twin > ' ' && signs[i].twin < 0x7f, "%s", signs[i].name);
        cr_expect_eq(sign_twin(code), signs[i].twin, "%s", signs[i].name);
    }
}

Test(signs, others_have_no_twin)
{
    cr_expect_eq(sign_twin('A'), 0);
    cr_expect_eq(sign_twin(0), 0);
    cr_expect_eq(sign_twin(0x1f600), 0);
}
