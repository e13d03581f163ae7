#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Student's t distribution with a whole number of degrees of freedom.
///
/// With nu degrees and theta = arctan(t / sqrt(nu)), the probability of |T| <= |t| is a finite sum of powers of cos(theta): Abramowitz, Stegun,
/// "Handbook of Mathematical Functions" (1964), 26.7.3 for odd nu and 26.7.4 for even nu.
struct StudentDistribution: Hashable, Sendable {
    let degreesOfFreedom: Int

    /// - Precondition: at least one degree of freedom.
    init(degreesOfFreedom: Int) {
        precondition(degreesOfFreedom >= 1, "degrees of freedom")
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// The probability of a value at least as far from 0, in either direction: 1 at 0, 0 at infinity. To about 1e-15, absolute.
    func twoSidedP(_ t: Double) -> Double {
        guard t.isFinite else { return 0 }
        let degrees = Double(degreesOfFreedom)
        let squaredCosine = degrees / (degrees + t * t)
        let sine = abs(t) / (degrees + t * t).squareRoot()
        let inner: Double
        if degreesOfFreedom.isMultiple(of: 2) {
            inner = sine * StudentDistribution.series(from: 2, below: degreesOfFreedom, squaredCosine: squaredCosine)
        } else {
            let sum =
                degreesOfFreedom == 1
                ? 0
                : squaredCosine.squareRoot() * StudentDistribution.series(from: 3, below: degreesOfFreedom, squaredCosine: squaredCosine)
            inner = (atan(abs(t) / degrees.squareRoot()) + sine * sum) * 2 / .pi
        }
        return min(1, max(0, 1 - inner))
    }

    /// 1 + (a-1)/a c + (a-1)(a+1)/(a(a+2)) c^2 + …, where a is `first` and c the squared cosine, as long as the last factor's denominator stays
    /// below the degrees of freedom.
    private static func series(from first: Int, below degreesOfFreedom: Int, squaredCosine: Double) -> Double {
        var term = 1.0
        var sum = 1.0
        for denominator in stride(from: first, to: degreesOfFreedom, by: 2) {
            term *= squaredCosine * Double(denominator - 1) / Double(denominator)
            sum += term
        }
        return sum
    }
}
