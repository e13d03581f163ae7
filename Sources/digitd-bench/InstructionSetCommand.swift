import ArgumentParser
import Classifiers

/// Which instruction set is measured, and which this processor could have had.
struct InstructionSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instruction-set", abstract: "Say which instruction set the loops use, and which this processor has.")

    func run() {
        print("instruction set: \(InstructionSet.inUse.rawValue) (this processor has \(InstructionSet.best.rawValue))")
    }
}
