/* Memory: what the helpers promise beyond malloc. */
#include "base/mem.h"

#include <criterion/criterion.h>
#include <string.h>

Test(mem, wipes_what_it_is_given_and_no_more)
{
    char text[] = "sesame, open";

    mem_wipe(text, 6);
    cr_expect_eq(memcmp(text, "\0\0\0\0\0\0, open", sizeof text), 0);
    mem_wipe(NULL, 0);
}

Test(mem, copies_a_part_of_a_text)
{
    char *copy = mem_strndup("sesame", 3);

    cr_expect_str_eq(copy, "ses");
    mem_free(copy);
}
