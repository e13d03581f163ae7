/// Numbers of which the first one begins a cache line, so that no vector in a whole number of registers lies across two lines.
///
/// An array of the standard library begins 32 bytes behind where its memory does, and half of its 32-byte loads would touch two lines.
struct CacheLineArray<Element: BitwiseCopyable & Sendable>: Sendable {
    private static var lineBytes: Int { 64 }

    /// The numbers, behind some that fill up to the line.
    private let storage: [Element]
    private let start: Int

    /// - Precondition: the size of an element divides that of a line.
    init(_ elements: [Element]) {
        let stride = MemoryLayout<Element>.stride
        precondition(CacheLineArray.lineBytes.isMultiple(of: stride), "elements that fill a line")
        var fillingCount = 0
        storage = [Element](unsafeUninitializedCapacity: elements.count + CacheLineArray.lineBytes / stride) { buffer, count in
            guard let first = elements.first, let address = buffer.baseAddress else { return }
            let offset = UInt(bitPattern: address) % UInt(CacheLineArray.lineBytes)
            fillingCount = (CacheLineArray.lineBytes - Int(offset)) % CacheLineArray.lineBytes / stride
            count = fillingCount + elements.count
            buffer[..<fillingCount].initialize(repeating: first)
            _ = buffer[fillingCount..<count].initialize(fromContentsOf: elements)
        }
        start = fillingCount
    }

    /// Calls `body` with the address of the first number, nil where there is none.
    @inline(__always)
    func withUnsafeStart<Result>(_ body: (UnsafePointer<Element>?) -> Result) -> Result {
        storage.withUnsafeBufferPointer { body($0.baseAddress?.advanced(by: start)) }
    }
}
