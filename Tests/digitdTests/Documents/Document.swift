import Foundation
import TestData
import Testing

/// A Markdown file for readers: the README, or an article of the DocC catalog.
struct Document: CustomTestStringConvertible, Sendable {
    /// Relative to the package.
    let path: String
    let blocks: [CodeBlock]
    let headings: [String]
    /// Targets of links, as they stand in the text.
    let links: [String]

    /// What stands between two fences.
    struct CodeBlock: Sendable {
        /// What follows the opening fence: `sh`, `json`, or nothing.
        let language: String
        /// Without the fences, each line with its end.
        let text: String
        /// The line of the opening fence, from 1.
        let line: Int
        /// What an HTML comment right above says why the block is not run; readers do not see it.
        let reasonNotToRun: String?
        /// Whether such a comment says that it takes minutes in a debug build, where it is then not run.
        let isLongInDebug: Bool

        var isShell: Bool { language == "sh" }
        /// Whether the text is what a command prints, not a part of a program or a drawing.
        var isOutput: Bool { ["", "json"].contains(language) }
    }

    static let catalog = "Sources/digitd/Documentation.docc"

    /// All of them, in alphabetical order after the README.
    static let all: [Document] = {
        let articles = (try? FileManager.default.contentsOfDirectory(atPath: "\(TestData.packageRoot)/\(catalog)")) ?? []
        let paths = ["README.md"] + articles.filter { $0.hasSuffix(".md") }.sorted().map { "\(catalog)/\($0)" }
        return paths.compactMap { path in
            (try? String(contentsOfFile: "\(TestData.packageRoot)/\(path)", encoding: .utf8)).map { Document(path: path, text: $0) }
        }
    }()

    init(path: String, text: String) {
        var blocks: [CodeBlock] = []
        var headings: [String] = []
        var links: [String] = []
        var reason: String?
        var isLong = false
        var open: (language: String, line: Int, text: String)?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let block = open {
                if line == "```" {
                    blocks.append(
                        CodeBlock(
                            language: block.language, text: block.text, line: block.line, reasonNotToRun: reason, isLongInDebug: isLong))
                    (open, reason, isLong) = (nil, nil, false)
                } else {
                    open?.text += line + "\n"
                }
            } else if line.hasPrefix("```") {
                open = (String(line.dropFirst(3)), index + 1, "")
            } else if let comment = line.wholeMatch(of: /<!-- not run: (.+) -->/) {
                reason = String(comment.1)
            } else if line == "<!-- minutes in a debug build -->" {
                isLong = true
            } else if !line.isEmpty {
                (reason, isLong) = (nil, false)
                if let heading = line.wholeMatch(of: /#+ (.+)/) { headings.append(String(heading.1)) }
                links += line.matches(of: /\]\(([^)]+)\)/).map { String($0.1) }
            }
        }
        self.path = path
        self.blocks = blocks
        self.headings = headings
        self.links = links
    }

    /// The blocks to run, in order, each with the output that the next block claims; nil where none does.
    var commands: [(block: CodeBlock, claim: CodeBlock?)] {
        blocks.indices.filter { isRun(blocks[$0]) }.map { index in
            let next = index + 1 < blocks.count ? blocks[index + 1] : nil
            return (blocks[index], next.flatMap { $0.isOutput ? $0 : nil })
        }
    }

    private func isRun(_ block: CodeBlock) -> Bool {
        #if DEBUG
            if block.isLongInDebug { return false }
        #endif
        return block.isShell && block.reasonNotToRun == nil
    }

    var testDescription: String { path }
}
