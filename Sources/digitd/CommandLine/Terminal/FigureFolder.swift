import Figures
import Files

/// A folder that figures are written to.
struct FigureFolder {
    let path: String

    init(_ path: String) { self.path = path }

    /// Writes each figure under its name, in the place of an older one.
    func write(_ figures: [Figure]) throws {
        for figure in figures { try DurableFile.replace("\(path)/\(figure.fileName)", with: figure.bytes) }
        StandardOutput.write("wrote \(figures.count) figure\(figures.count == 1 ? "" : "s") to \(path)\n")
    }
}
