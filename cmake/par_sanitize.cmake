# -DPAR_SANITIZE=address,undefined or thread: for the library, the tests and the examples alike.
if(PAR_SANITIZE)
  add_compile_options(-fsanitize=${PAR_SANITIZE} -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${PAR_SANITIZE})
  if(PAR_SANITIZE MATCHES undefined)
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
