#include <iostream>

#include "tools/kartei/run.h"

int main(int argc, char** argv) { return kartei::run(argc, argv, std::cin, std::cout, std::cerr); }
