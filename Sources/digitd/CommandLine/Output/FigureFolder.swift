import Figures
import Files

/// A folder that figures are written to.
struct FigureFolder {
    let path: String

    init(_ path: String) { self.path = path }

    /// Writes each figure under its name, in the place of an older one, and says so.
    func write(_ figures: [Figure], narration: Narration) throws {
        for figure in figures { try DurableFile.replace("\(path)/\(figure.fileName)", with: figure.bytes) }
        narration.write("wrote \(figures.count) figure\(figures.count == 1 ? "" : "s") to \(path.printable)\n")
    }
}
