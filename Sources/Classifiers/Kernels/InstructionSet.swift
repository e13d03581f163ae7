import CBitKernels

/// The instruction sets that the loops of prediction and training are compiled for; each has all that the ones before it have.
///
/// The best one that the processor has is used, or a lower one that the environment variable `DIGITD_CPU` names. All of them compute the same bits.
public enum InstructionSet: String, CaseIterable, Comparable, Sendable {
    /// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
    case baseline
    /// AVX2 with FMA, BMI2 and POPCNT.
    case avx2
    /// AVX-512F, without population counts of vectors.
    case avx512f
    /// AVX-512 with VPOPCNTDQ.
    case avx512

    /// The environment variable that names a lower one.
    public static let variable = "DIGITD_CPU"

    /// The best one that this processor has.
    public static var best: InstructionSet { InstructionSet(bk_best_instruction_set()) }

    /// The one that is used.
    public static var inUse: InstructionSet { InstructionSet(bk_instruction_set_in_use()) }

    /// Uses another one from now on, or the best one where the processor lacks it: so one process tests and measures several. Models that were
    /// made before answer as before, but maybe not as fast as they could.
    public static func use(_ set: InstructionSet) { bk_use_instruction_set(set.kernelValue) }

    public static func < (left: InstructionSet, right: InstructionSet) -> Bool {
        left.kernelValue.rawValue < right.kernelValue.rawValue
    }

    private init(_ set: bk_instruction_set) {
        self =
            switch set {
            case BK_AVX512: .avx512
            case BK_AVX512F: .avx512f
            case BK_AVX2: .avx2
            default: .baseline
            }
    }

    private var kernelValue: bk_instruction_set {
        switch self {
        case .baseline: BK_BASELINE
        case .avx2: BK_AVX2
        case .avx512f: BK_AVX512F
        case .avx512: BK_AVX512
        }
    }
}
