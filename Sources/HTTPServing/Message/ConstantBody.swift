/// Immutable bytes at an address that does not change, for responses whose body is the same every time.
///
/// Sendable without being checked: the memory is written in `init`, before anybody else can see it, and only read until `deinit`.
public final class ConstantBody: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    public let count: Int

    public init(_ bytes: [UInt8]) {
        count = bytes.count
        start = .allocate(byteCount: max(bytes.count, 1), alignment: 16)
        bytes.withUnsafeBytes { start.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(start), byteCount: $0.count) }
    }

    public convenience init(_ text: String) { self.init(Array(text.utf8)) }

    deinit { start.deallocate() }

    public var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: start, count: count)) }
}
