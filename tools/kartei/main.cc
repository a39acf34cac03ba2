#include <sys/stat.h>

#include <iostream>

#include "tools/kartei/run.h"

int main(int argc, char** argv) {
  ::umask(S_IRWXG | S_IRWXO);  // Everything that is written is about patients: its owner's alone.
  return kartei::run(argc, argv, std::cin, std::cout, std::cerr);
}
