/* The program's entry: picks the mode. */
#include <stdio.h>

int main(void)
{
    puts("smtpscope");
    return 0;
}
