/// Rows of text in aligned columns.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    private let alignments: [Alignment]
    private var rows: [[String]]

    init(_ columns: [(title: String, alignment: Alignment)]) {
        alignments = columns.map(\.alignment)
        rows = [columns.map(\.title)]
    }

    /// - Precondition: a cell a column.
    mutating func append(_ cells: [String]) {
        precondition(cells.count == alignments.count, "a cell a column")
        rows.append(cells)
    }

    /// The title row, a rule, and the rows; two spaces between columns, no blanks at the ends of lines, a newline at the end.
    var text: String {
        let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            let cells = row.indices.map { column in
                let blanks = String(repeating: " ", count: widths[column] - row[column].count)
                return alignments[column] == .left ? row[column] + blanks : blanks + row[column]
            }
            return TextTable.trimmed(cells.joined(separator: "  "))
        }
        lines.insert(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")[...], at: 1)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func trimmed(_ line: String) -> Substring {
        line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)]
    }
}
