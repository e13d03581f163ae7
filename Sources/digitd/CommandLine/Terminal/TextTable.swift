/// Rows of text in aligned columns.
///
/// A terminal may be narrower than the table. Then titles and the cells of left-aligned columns are broken over several lines; where even
/// that does not fit, each row becomes a paragraph of its own, a line a column.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    private static let gap = 2

    private let titles: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    init(_ columns: [(title: String, alignment: Alignment)]) {
        titles = columns.map(\.title)
        alignments = columns.map(\.alignment)
    }

    /// Control characters in cells are escaped: names that others have given stay in their cell.
    ///
    /// - Precondition: a cell a column.
    mutating func append(_ cells: [String]) {
        precondition(cells.count == alignments.count, "a cell a column")
        rows.append(cells.map(\.printable))
    }

    /// The title row, a rule, and the rows; two spaces between columns, no blanks at the ends of lines, a newline at the end.
    ///
    /// - Parameter width: columns of the terminal; nil where any width will do.
    func text(width: Int?) -> String {
        let natural = titles.indices.map { column in ([titles[column]] + rows.map { $0[column] }).map(\.columnCount).max() ?? 0 }
        guard let width, TextTable.total(natural) > width else { return aligned(widths: natural) }
        guard let widths = widths(natural: natural, fitting: width) else { return paragraphs(width: width) }
        return aligned(widths: widths)
    }

    private static func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + gap * max(0, widths.count - 1) }

    /// Widths of columns that together fit; nil where there are none.
    ///
    /// Each begins at its longest part that is not broken, and the one that lacks most gets the next column of the terminal.
    private func widths(natural: [Int], fitting width: Int) -> [Int]? {
        var widths = titles.indices.map { column in
            let cells = rows.map { $0[column] }
            let parts = alignments[column] == .left ? cells.flatMap(TextTable.parts) : cells
            return (TextTable.parts(titles[column]) + parts).map(\.columnCount).max() ?? 0
        }
        let spare = width - TextTable.total(widths)
        guard spare >= 0 else { return nil }
        for _ in 0..<spare {
            guard let column = widths.indices.max(by: { natural[$0] - widths[$0] < natural[$1] - widths[$1] }) else { break }
            widths[column] += 1
        }
        return zip(widths, natural).map(min)
    }

    /// What stays together in a line: words, and the parts of long ones up to and with each hyphen.
    private static func parts(_ cell: String) -> [String] {
        cell.split(separator: " ").flatMap { word in word.count > 12 ? hyphenated(word) : [String(word)] }
    }

    private static func hyphenated(_ word: Substring) -> [String] {
        let pieces = word.split(separator: "-", omittingEmptySubsequences: false)
        return pieces.enumerated().map { $0 < pieces.count - 1 ? $1 + "-" : String($1) }.filter { !$0.isEmpty }
    }

    /// A cell in lines of a column's width.
    private static func lines(of cell: String, width: Int) -> [String] {
        guard cell.columnCount > width else { return [cell] }
        var lines: [String] = []
        for (number, word) in cell.split(separator: " ").enumerated() {
            let isWhole = word.columnCount <= width
            for (place, part) in (isWhole ? [String(word)] : parts(String(word))).enumerated() {
                let separator = place == 0 && number > 0 ? " " : ""
                if let last = lines.last, last.columnCount + separator.count + part.columnCount <= width {
                    lines[lines.count - 1] = last + separator + part
                } else {
                    lines.append(part)
                }
            }
        }
        return lines
    }

    private func aligned(widths: [Int]) -> String {
        var lines = aligned(titles, widths: widths)
        lines.append(widths.map { String(repeating: "-", count: $0) }.joined(separator: String(repeating: " ", count: TextTable.gap)))
        lines += rows.flatMap { aligned($0, widths: widths) }
        return lines.map(TextTable.trimmed).joined(separator: "\n") + "\n"
    }

    /// A row in as many lines as its tallest cell has.
    private func aligned(_ cells: [String], widths: [Int]) -> [String] {
        let cellLines = zip(cells, widths).map { TextTable.lines(of: $0, width: $1) }
        return (0..<(cellLines.map(\.count).max() ?? 0)).map { number in
            cellLines.indices.map { column in
                let part = number < cellLines[column].count ? cellLines[column][number] : ""
                let blanks = String(repeating: " ", count: max(0, widths[column] - part.columnCount))
                return alignments[column] == .left ? part + blanks : blanks + part
            }.joined(separator: String(repeating: " ", count: TextTable.gap))
        }
    }

    /// The first cell as a heading, and the others under it behind their titles.
    private func paragraphs(width: Int) -> String {
        let titleWidth = titles.dropFirst().map(\.columnCount).max() ?? 0
        let indent = TextTable.gap + titleWidth + TextTable.gap
        let blanks = String(repeating: " ", count: indent)
        return rows.map { cells in
            var lines = cells.prefix(1).flatMap { $0.lines(width: width) }
            for (title, cell) in zip(titles, cells).dropFirst() where !cell.isEmpty {
                let label = String(repeating: " ", count: TextTable.gap) + title
                for (number, part) in cell.lines(width: max(8, width - indent)).enumerated() {
                    let opening = number == 0 ? label + String(repeating: " ", count: indent - label.columnCount) : blanks
                    lines.append(opening + part)
                }
            }
            return lines.joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }

    private static func trimmed(_ line: String) -> Substring {
        line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)]
    }
}
