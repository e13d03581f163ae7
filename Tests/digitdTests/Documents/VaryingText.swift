/// What differs from run to run in the output of commands: identities, times, and what the machine decides.
enum VaryingText {
    /// The text with a word in place of each such thing; two outputs that say the same become equal.
    static func replaced(in text: String) -> String {
        var text = text
        // Experiments: 26 characters of Crockford's base 32. Requests: 13 of them, in lower case.
        text.replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/, with: "EXPERIMENT")
        text.replace(/"requestId":"[0-9a-z]{13}"/, with: #""requestId":"REQUEST""#)
        text.replace(/X-Request-Id: [0-9a-z]{13}/, with: "X-Request-Id: REQUEST")
        // Times of the day: RFC 3339 in JSON and logs, RFC 9110 in header fields.
        text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/, with: "DATE")
        text.replace(/Date: [A-Z][^\r\n]+/, with: "Date: DATE")
        // How long something took, or is going to take.
        text.replace(/"(?<name>\w*_time|\w*[sS]econds\w*)":\s?(?:[0-9.eE+-]+|null)/) { #""\#($0.output.name)":TIME"# }
        let timed = text.replacing(/\d[\d.,]* (?:s|ms|us)\b/, with: "TIME")
        if timed != text {
            // The columns of a table of times are as wide as the longest of them.
            text = timed.replacing(/[ ]{2,}/, with: " ").replacing(/-{3,}/, with: "---")
        }
        // One job a processor.
        text.replace(/\b\d+ jobs?\b/, with: "JOBS")
        return text
    }
}
