import Digits

/// Stumps laid out for prediction: since each looks at one pixel, all votes are those for a blank bitmap and a row of ten differences for
/// every pixel that is set.
struct StumpPredictor: Sendable {
    private let classes: [UInt8]
    private let votesForBlank: StumpVotes
    /// The pixels that a stump looks at.
    private let pixels: Bitmap
    /// Of each of the 256 pixels, what setting it adds.
    private let differences: [StumpVotes]

    init(_ stumps: [Stump], classes: [UInt8]) {
        var votesForBlank = StumpVotes()
        var pixels = Bitmap.blank
        var differences = [StumpVotes](repeating: StumpVotes(), count: Bitmap.pixelCount)
        for stump in stumps {
            votesForBlank.add(stump.votes, to: stump.unsetDigit)
            pixels[stump.pixel] = true
            differences[stump.pixel].add(-stump.votes, to: stump.unsetDigit)
            differences[stump.pixel].add(stump.votes, to: stump.setDigit)
        }
        self.classes = classes
        self.votesForBlank = votesForBlank
        self.pixels = pixels
        self.differences = differences
    }

    func digit(for bitmap: Bitmap) -> UInt8 {
        votes(for: bitmap).digitOfMost(classes: classes)
    }

    func probabilities(for bitmap: Bitmap) -> DigitScores {
        votes(for: bitmap).probabilities(classes: classes)
    }

    func prediction(for bitmap: Bitmap) -> Prediction {
        let votes = votes(for: bitmap)
        return Prediction(digit: votes.digitOfMost(classes: classes), probabilities: votes.probabilities(classes: classes))
    }

    private func votes(for bitmap: Bitmap) -> StumpVotes {
        var votes = votesForBlank
        for word in 0..<4 {
            var rest = bitmap.words[word] & pixels.words[word]
            while rest != 0 {
                let bit = rest.leadingZeroBitCount
                votes += differences[word &* 64 &+ bit]
                rest &= ~(1 &<< UInt64(63 &- bit))
            }
        }
        return votes
    }
}
