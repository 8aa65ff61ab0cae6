/* Prints the manual page; run once by the build. */
#include <stdio.h>

#include "app/help.h"

int main(void)
{
    struct buf page = { 0 };

    help_manual(&page);
    fputs(buf_text(&page), stdout);
    buf_release(&page);
    return 0;
}
