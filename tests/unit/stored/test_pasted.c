#include "stored/pasted.h"

#include <criterion/criterion.h>

#define SCRIPT                                                                                     \
    "S: 220 a\nC: EHLO b\nS: 250-a\nS: 250 HELP\nC: DATA\nS: 354 go\nC: 250 g\nC:\nC: .\n"

/* What a program printed, and the script; NULL: no dialogue. */
static const struct {
    const char *text, *script;
} rows[] = {
    { "=== Trying a:25...\n=== Connected to a.\n<-  220 a\n -> EHLO b\n<-  250-a\n<-  250 HELP\n"
      " -> DATA\n<-  354 go\n -> 250 g\n -> \n -> .\n",
      SCRIPT },
    { "<~  220 a\r\n ~> EHLO b\r\n<~  250-a\r\n<~  250 HELP\r\n ~> DATA\r\n<~  354 go\r\n ~> 250 "
      "g\r\n"
      " ~> \r\n ~> .\r\n",
      SCRIPT },
    { "Trying 192.0.2.1...\nConnected to a.\nEscape character is '^]'.\n220 a\nEHLO b\n250-a\n"
      "250 HELP\nDATA\n354 go\n250 g\n\n.\nConnection closed by foreign host.\n",
      SCRIPT },
    { "* Connected\n< 220 a\n> EHLO b\n< 250 ok\n{ [5 bytes data]\n",
      "S: 220 a\nC: EHLO b\nS: 250 ok\n" },
    { "<<< 220 a\n>>> QUIT\n", "S: 220 a\nC: QUIT\n" },
    { "<-- 220 a\n--> QUIT\n", "S: 220 a\nC: QUIT\n" },
    { "<** 550 no\n -> QUIT\n", "S: 550 no\nC: QUIT\n" },
    { "", NULL },
    { "<-  220 a\n", NULL },
    { "> a line that is quoted\n> 250 another\n", NULL },
    { "250 ok\nQUIT\n", NULL },
    { "<x@y.z> said\n>x\n", NULL },
    { "Escape character is '^]'.\nnothing\n", NULL },
};

Test(pasted, becomes_a_script)
{
    struct buf script = { 0 };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buf_clear(&script);
        cr_expect_eq(pasted_read(span_of(rows[i].text), &script), rows[i].script != NULL, "%s",
                     rows[i].text);
        cr_expect_str_eq(buf_text(&script), rows[i].script ? rows[i].script : "", "%s: %s",
                         rows[i].text, buf_text(&script));
    }
    buf_release(&script);
}
