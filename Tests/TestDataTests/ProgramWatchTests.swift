import Foundation
import TestData
import Testing

struct ProgramWatchTests {
    private func isRunning(_ processID: pid_t) -> Bool { kill(processID, 0) == 0 }

    @Test("what a process leaves running ends with it, and what has ended before is left alone", .timeLimit(.minutes(2)))
    func endsWhatRuns() async throws {
        let left = try StartedProgram("/bin/sleep", ["600"])
        let ended = try StartedProgram("/bin/sleep", ["600"])
        let watch = ProgramWatch()
        watch.add(left.processID)
        watch.add(ended.processID)
        watch.remove(ended.processID)
        watch.end()
        #expect(await onThread { left.waitUntilExit() } == SIGKILL)
        #expect(isRunning(ended.processID))
        ended.send(signal: SIGTERM)
        #expect(await onThread { ended.waitUntilExit() } == SIGTERM)
    }

    @Test("a program gets its input, and its output, errors and exit code are all there at its end")
    func streams() async throws {
        let program = try StartedProgram("/bin/sh", ["-c", "cat; echo wrong >&2; exit 3"], input: Array("right".utf8))
        #expect(await onThread { program.waitUntilExit() } == 3)
        #expect(program.outputText == "right")
        #expect(program.errorText == "wrong\n")
        #expect(throws: StartedProgram.NotStarted.self) { try StartedProgram("/nowhere/program", []) }
    }
}
