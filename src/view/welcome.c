#include "view/welcome.h"

const struct welcome_row welcome_rows[] = {
    { NULL, "Welcome. The server above is real, but lives inside this program: nothing you type in "
            "the lab leaves this computer, and nothing can break." },
    { NULL, "" },
    { "1", "Type after the C: below, press Enter: the server gets exactly that line." },
    { "2", "\"next\" shows what may come now. Tab writes it for you." },
    { "3", "Stuck? Press Esc, at any time. Leaving is in that menu too." },
    { NULL, "" },
    { NULL, "Never done this?   Type   /learn   for lesson 1: send Bob a letter, 8 min." },
};
const size_t welcome_row_count = sizeof welcome_rows / sizeof welcome_rows[0];
