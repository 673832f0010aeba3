using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gain.Tls;

/// <summary>Names out of a peer's certificate that are safe to compare and to log.</summary>
public static class TlsIdentity
{
    private const string CommonNameId = "2.5.4.3";

    /// <summary>
    /// The common name (CN) of a certificate. NUL, other control characters, characters that change the
    /// direction of text, and the backslash are written as a backslash and four hexadecimal digits, so that
    /// no name looks like another and none breaks a line of a log.
    /// </summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>The name; null when there is none, or more than one: then none of them can be relied
    /// on.</returns>
    public static string? CommonName(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        string? name = null;
        foreach (X500RelativeDistinguishedName part in
            certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (part.HasMultipleElements)
            {
                return null;
            }

            if (part.GetSingleElementType().Value != CommonNameId)
            {
                continue;
            }

            if (name is not null)
            {
                return null;
            }

            name = Escape(part.GetSingleElementValue() ?? "");
        }

        return name;
    }

    /// <summary>The text with what cannot be seen written as hexadecimal digits.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            bool isVisible = c != '\\' && char.GetUnicodeCategory(c) is not (UnicodeCategory.Control
                or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator);
            _ = isVisible
                ? escaped.Append(c)
                : escaped.Append('\\').Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }
}
