/* library.c - begins a thread when it is loaded. */
void begun_by(void); /* the program's */

__attribute__((constructor)) static void begin(void)
{
    begun_by();
}
