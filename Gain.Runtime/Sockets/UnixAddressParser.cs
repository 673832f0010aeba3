using System.Text;

namespace Gain.Sockets;

/// <summary>
/// Reads <c>unix:///path</c> and its relatives; every refusal says what to write instead.
/// </summary>
/// <remarks>
/// The path is taken as it is written: nothing in it stands for anything else, as %20 would in a URI.
/// </remarks>
internal static class UnixAddressParser
{
    private const string AcceptedForms =
        "Accepted are unix:///path with an absolute path and unix://@name for an abstract name, and the same "
        + "with unixgram:// for datagrams";

    private static readonly UTF8Encoding s_strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="address">The address, of which everything up to the first colon is the scheme.</param>
    /// <param name="isDatagram">Whether that is unixgram.</param>
    internal static UnixAddress Parse(string address, bool isDatagram)
    {
        string scheme = UnixAddress.Scheme(isDatagram);
        string rest = address[(scheme.Length + 1)..];
        if (address.Any(char.IsControl))
        {
            throw Invalid(address, "it contains a control character");
        }
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            string meant = rest.StartsWith('/') || rest.StartsWith('@') ? rest : "/absolute/path";
            throw Invalid(address, $"behind the scheme comes ://, as in {scheme}://{meant}");
        }

        string name = rest[2..];
        return name.StartsWith('@')
            ? UnixAddress.Abstract(Name(address, name[1..]), isDatagram)
            : UnixAddress.Path(Path(address, name, scheme), isDatagram);
    }

    private static string Name(string address, string name)
    {
        if (name.Length == 0)
        {
            throw Invalid(address, "the abstract name behind the @ is empty");
        }

        RefuseLong(address, "abstract name", name, UnixAddress.MaxNameBytes, "in front of it");
        return name;
    }

    private static string Path(string address, string path, string scheme)
    {
        if (path.Length == 0)
        {
            throw Invalid(address, "it names no path");
        }
        if (!path.StartsWith('/'))
        {
            throw Invalid(
                address,
                $"the path \"{path}\" is not absolute, and would depend on the directory that the server "
                + $"happens to be started in; with the directory in front it is {scheme}:///…/{path}");
        }
        if (path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal)
            || path.EndsWith("/..", StringComparison.Ordinal))
        {
            throw Invalid(address, $"\"{path}\" names a directory; the name of the socket comes behind it");
        }

        RefuseLong(address, "path", path, UnixAddress.MaxPathBytes, "behind it");
        return path;
    }

    private static void RefuseLong(string address, string what, string text, int most, string where)
    {
        int bytes;
        try
        {
            bytes = s_strict.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            throw Invalid(address, $"the {what} contains half of a surrogate pair, which is no character");
        }

        if (bytes > most)
        {
            throw Invalid(
                address,
                $"the {what} has {bytes} bytes, and that of a Unix socket has at most {most} (the {most + 1} "
                + $"of sun_path in unix(7), less the NUL {where}); choose a shorter one");
        }
    }

    private static GainException Invalid(string address, string fault) =>
        GainException.ForAddress(
            GainError.AddressInvalid, $"Cannot listen on \"{address}\"", fault, AcceptedForms);
}
