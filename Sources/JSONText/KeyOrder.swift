/// The order of an object's keys: as text, but numbers within keys count by their size, so that `split2_test_score` comes before
/// `split10_test_score`. The encoder knows the order of texts alone.
enum KeyOrder {
    /// The members of every object in this order.
    ///
    /// The members of an object have the same text between any two of them, so that they change places and nothing around them moves.
    ///
    /// - Parameter text: JSON, with or without white space.
    static func sorted(_ text: [UInt8]) -> [UInt8] {
        var text = text
        var containers: [Container] = []
        var members: [Member] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                let start = index
                index += 1
                while index < text.count, text[index] != UInt8(ascii: "\"") { index += text[index] == UInt8(ascii: "\\") ? 2 : 1 }
                if containers.last?.expectsKey == true {
                    containers[containers.count - 1].expectsKey = false
                    members.append(Member(start: start, keyEnd: index, end: index))
                }
            case UInt8(ascii: "{"): containers.append(Container(firstMember: members.count, isObject: true, expectsKey: true))
            case UInt8(ascii: "["): containers.append(Container(firstMember: members.count, isObject: false, expectsKey: false))
            case UInt8(ascii: ","):
                if let container = containers.last, container.isObject, members.count > container.firstMember {
                    members[members.count - 1].end = index
                    containers[containers.count - 1].expectsKey = true
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard let container = containers.popLast() else { break }
                if container.isObject, members.count > container.firstMember {
                    members[members.count - 1].end = index - text[..<index].reversed().prefix { $0 == 0x20 || $0 == 0x0A }.count
                    sort(&text, members: members[container.firstMember...])
                }
                members.removeSubrange(container.firstMember...)
            default: break
            }
            index += 1
        }
        return text
    }

    /// What is open at a place in the text.
    private struct Container {
        /// Where the members of it begin in the list of all that are open.
        let firstMember: Int
        let isObject: Bool
        /// Whether the next string is the key of a member.
        var expectsKey: Bool
    }

    /// A key with its value.
    private struct Member {
        /// The quotation mark before the key.
        let start: Int
        /// The one behind it.
        let keyEnd: Int
        /// Behind the value.
        var end: Int
    }

    private static func sort(_ text: inout [UInt8], members: ArraySlice<Member>) {
        func isBefore(_ left: Member, _ right: Member) -> Bool {
            KeyOrder.isBefore(text[(left.start + 1)..<left.keyEnd], text[(right.start + 1)..<right.keyEnd])
        }
        guard let first = members.first, let last = members.last, zip(members, members.dropFirst()).contains(where: { isBefore($1, $0) })
        else { return }
        let separator = text[first.end..<members[members.startIndex + 1].start]
        let sorted = members.sorted(by: isBefore).map { text[$0.start..<$0.end] }.joined(separator: separator)
        text.replaceSubrange(first.start..<last.end, with: Array(sorted))
    }

    /// - Parameters: two keys, as bytes of UTF-8.
    static func isBefore(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        var (leftRest, rightRest) = (left, right)
        while let leftByte = leftRest.first, let rightByte = rightRest.first {
            if isDigit(leftByte), isDigit(rightByte) {
                let (leftDigits, rightDigits) = (leftRest.prefix(while: isDigit), rightRest.prefix(while: isDigit))
                let (leftNumber, rightNumber) = (leftDigits.drop { $0 == UInt8(ascii: "0") }, rightDigits.drop { $0 == UInt8(ascii: "0") })
                if leftNumber.count != rightNumber.count { return leftNumber.count < rightNumber.count }
                if !leftNumber.elementsEqual(rightNumber) { return leftNumber.lexicographicallyPrecedes(rightNumber) }
                leftRest = leftRest[leftDigits.endIndex...]
                rightRest = rightRest[rightDigits.endIndex...]
            } else if leftByte != rightByte {
                return leftByte < rightByte
            } else {
                leftRest = leftRest.dropFirst()
                rightRest = rightRest.dropFirst()
            }
        }
        // Equal as far as the shorter one goes; numbers may still differ in their leading zeros.
        if leftRest.isEmpty != rightRest.isEmpty { return leftRest.isEmpty }
        return left.lexicographicallyPrecedes(right)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
