#include <stdio.h>

int main(void)
{
    puts("signalbox " SIGNALBOX_VERSION);
    return 0;
}
