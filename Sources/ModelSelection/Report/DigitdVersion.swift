/// The version of digitd, as model documents, reports and `digitd --version` show it.
public enum DigitdVersion {
    public static let current = "0.1.0"
}
