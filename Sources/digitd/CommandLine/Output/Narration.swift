/// Where a command says what it does and has found.
enum Narration: Sendable {
    case standardOutput
    case standardError

    /// Columns to keep to; nil where it is no terminal.
    var width: Int? {
        switch self {
        case .standardOutput: StandardOutput.width
        case .standardError: StandardError.width
        }
    }

    /// Writes lines, on a terminal broken between words where they are too long.
    func write(_ text: String) {
        let text = text.wrapped(toWidth: width)
        switch self {
        case .standardOutput: StandardOutput.write(text)
        case .standardError: StandardError.write(text)
        }
    }
}
