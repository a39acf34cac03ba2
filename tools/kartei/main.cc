#include <sys/stat.h>

#include <iostream>

#include "tools/kartei/run.h"

int main(int argc, char** argv) {
  ::umask(S_IRWXG | S_IRWXO);  // Everything that is written is about patients: its owner's alone.
  std::ios::sync_with_stdio(false);  // Whoever asks how much has come of a pipe hears it.
  return kartei::run({kartei::start_of_process(argc, argv), std::cin, std::cout, std::cerr});
}
