using System.Buffers;
using System.Net;

namespace Gain.Tls;

/// <summary>The name of a server as a client sends it (SNI, RFC 6066), in the one form in which it is
/// compared.</summary>
internal static class ServerName
{
    /// <summary>The longest name of DNS, with a dot at its end.</summary>
    internal const int MaxLength = 254;

    private static readonly SearchValues<byte> s_allowed = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."u8);

    /// <summary>
    /// Finds the host name in the extension server_name. False when it is malformed, or the name has
    /// anything but letters, digits, hyphen, underscore and dot, such as NUL.
    /// </summary>
    /// <param name="extension">The content of the extension; empty when the client sent none.</param>
    /// <param name="name">Room for <see cref="MaxLength"/> characters.</param>
    /// <param name="length">The length of the name; 0 when there is none, or an IP address.</param>
    internal static bool TryRead(ReadOnlySpan<byte> extension, Span<char> name, out int length)
    {
        length = 0;
        if (extension.IsEmpty)
        {
            return true;
        }

        // A list of 2 bytes of length, in it one entry: its type, 0 for a host name, 2 bytes of length, the
        // name.
        if (extension.Length < 6
            || ((extension[0] << 8) | extension[1]) != extension.Length - 2
            || extension[2] != 0
            || ((extension[3] << 8) | extension[4]) != extension.Length - 5)
        {
            return false;
        }

        return TryNormalize(extension[5..], name, out length);
    }

    /// <summary>Whether a text is a host name, or an IP address.</summary>
    internal static bool IsHost(string text)
    {
        Span<char> room = stackalloc char[MaxLength];
        return text.Length != 0
            && (IPAddress.TryParse(text, out _)
                || TryNormalize(System.Text.Encoding.UTF8.GetBytes(text), room, out _));
    }

    /// <summary>Lower case, without the dot at the end; an IP address is no name (RFC 6066, section
    /// 3).</summary>
    internal static bool TryNormalize(ReadOnlySpan<byte> text, Span<char> name, out int length)
    {
        length = 0;
        if (text.Length > MaxLength)
        {
            return false;
        }

        // Of IPv6, which has colons, the rule below would not know.
        if (IPAddress.TryParse(ToChars(text, name), out _))
        {
            return true;
        }

        if (text.ContainsAnyExcept(s_allowed))
        {
            return false;
        }

        if (text.EndsWith("."u8))
        {
            text = text[..^1];
        }

        if (text.IsEmpty)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            name[i] = char.ToLowerInvariant((char)text[i]);
        }

        length = text.Length;
        return true;
    }

    private static ReadOnlySpan<char> ToChars(ReadOnlySpan<byte> text, Span<char> chars)
    {
        for (int i = 0; i < text.Length; i++)
        {
            chars[i] = (char)text[i];
        }

        return chars[..text.Length];
    }
}
