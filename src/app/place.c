#include "app/place.h"

#include "net/address.h"

bool place_read(char **words, int count, unsigned port, struct place *out, struct error *err)
{
    unsigned named = 0;

    if (!address_parse(words[0], count > 1 ? 0 : port, out->host, &named, err))
        return false;
    if (count > 1 && named) {
        error_set(err, "the port is named twice: in HOST:PORT, and in the word after it");
        return false;
    }
    out->port = named;
    return count < 2 || address_parse_port(words[1], &out->port, err);
}
