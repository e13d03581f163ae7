import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What this process was started with.
enum ProcessArguments {
    /// The arguments behind the program's name, those that are no UTF-8 as `SystemPath` writes them: they may be names of files.
    static var texts: [String] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { place in
            CommandLine.unsafeArgv[place].map { argument in
                SystemPath.text(decoding: UnsafeBufferPointer(start: argument, count: strlen(argument)).map { UInt8(bitPattern: $0) })
            }
        }
    }
}
