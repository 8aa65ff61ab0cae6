/*
 * Runs a fuzz target over files and folders of seeds, as an ordinary test: for compilers without
 * libFuzzer, and to keep what a fuzzer once found.
 */
#include <dirent.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned ran;

static void run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    unsigned char block[4096], *exact;
    struct buf data = { 0 };
    size_t got;

    if (!f) {
        perror(path);
        exit(1);
    }
    while ((got = fread(block, 1, sizeof block, f)) > 0)
        buf_add(&data, span_make(block, got));
    fclose(f);
    exact = malloc(data.len ? data.len : 1); /* so that a read one octet too far is seen */
    if (!exact)
        abort();
    if (data.len)
        memcpy(exact, data.at, data.len);
    LLVMFuzzerTestOneInput(exact, data.len);
    free(exact);
    buf_release(&data);
    ran++;
}

static void run_folder(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        struct buf inside = { 0 };

        if (e->d_name[0] == '.')
            continue;
        buf_printf(&inside, "%s/%s", path, e->d_name);
        run_file(buf_text(&inside));
        buf_release(&inside);
    }
    if (d)
        closedir(d);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    for (int i = 1; i < argc; i++) {
        struct stat st;

        if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
            run_folder(argv[i]);
        else
            run_file(argv[i]);
    }
    printf("%u seeds\n", ran);
    return ran ? 0 : 1;
}
