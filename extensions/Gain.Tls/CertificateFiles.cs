using System.Security.Cryptography;

namespace Gain.Tls;

/// <summary>Tells whether files are what they were.</summary>
internal static class CertificateFiles
{
    /// <summary>A hash of their contents.</summary>
    internal static string HashOf(params byte[][] contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] content in contents)
        {
            hash.AppendData(BitConverter.GetBytes(content.Length));
            hash.AppendData(content);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>The same for what they contain now; where one cannot be read, the reason.</summary>
    internal static string HashOf(IReadOnlyList<string> files)
    {
        try
        {
            return HashOf([.. files.Select(File.ReadAllBytes)]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }
}
