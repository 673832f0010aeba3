using System.Security.Cryptography;

namespace Gain.Tls;

/// <summary>
/// The keys that session tickets are encrypted with: the first encrypts, all of them decrypt. Every context
/// that shares an instance resumes the tickets of the others. Its members may be called from any thread, at
/// any time.
/// </summary>
/// <remarks>
/// Who has a key can read what was sent over connections of TLS 1.2 that were resumed with it: rotate them,
/// once an hour for instance.
/// </remarks>
public sealed class TlsTicketKeys
{
    /// <summary>The bytes of a key: 16 of its name, 32 for AES-256 and 32 for HMAC-SHA-256.</summary>
    public const int KeyBytes = 80;

    /// <summary>The most keys that are held; at another the oldest goes, and its tickets are worth
    /// nothing.</summary>
    public const int MaxKeys = 8;

    private byte[][] _keys;

    /// <summary>One key, at random: tickets are good in this process alone.</summary>
    public TlsTicketKeys() => _keys = [RandomNumberGenerator.GetBytes(KeyBytes)];

    /// <summary>The keys of a cluster, the one that encrypts first.</summary>
    /// <param name="keys">1 to <see cref="MaxKeys"/> keys of <see cref="KeyBytes"/> bytes, with different
    /// names.</param>
    /// <exception cref="TlsException">A key has another length, or there are none, too many or two of one
    /// name.</exception>
    public TlsTicketKeys(params ReadOnlySpan<byte[]> keys) => _keys = Checked(keys);

    /// <summary>The keys of this moment, the one that encrypts first.</summary>
    internal byte[][] Current => Volatile.Read(ref _keys);

    /// <summary>Encrypts with a new random key from now on. Older ones are kept, to decrypt with.</summary>
    /// <param name="kept">How many older ones are kept, 0 to 7; 2 by default.</param>
    public void Rotate(int kept = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(kept);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kept, MaxKeys - 1);
        byte[] key = RandomNumberGenerator.GetBytes(KeyBytes);
        byte[][] before;
        byte[][] after;
        do
        {
            before = Volatile.Read(ref _keys);
            after = [key, .. before.AsSpan(0, Math.Min(kept, before.Length))];
        }
        while (Interlocked.CompareExchange(ref _keys, after, before) != before);
    }

    /// <summary>Replaces all keys, as the constructor takes them.</summary>
    /// <param name="keys">The keys, the one that encrypts first.</param>
    /// <exception cref="TlsException">As for the constructor; the keys stay as they were.</exception>
    public void Replace(params ReadOnlySpan<byte[]> keys) => Volatile.Write(ref _keys, Checked(keys));

    private static byte[][] Checked(ReadOnlySpan<byte[]> keys)
    {
        if (keys.Length is 0 or > MaxKeys)
        {
            throw Invalid($"there are {keys.Length} of them, and 1 to {MaxKeys} are possible");
        }

        var copies = new byte[keys.Length][];
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] is not { Length: KeyBytes } key)
            {
                throw Invalid($"number {i + 1} has {keys[i]?.Length ?? 0} bytes, and each needs {KeyBytes}");
            }

            copies[i] = [.. key];
            for (int j = 0; j < i; j++)
            {
                if (copies[j].AsSpan(0, 16).SequenceEqual(key.AsSpan(0, 16)))
                {
                    throw Invalid($"numbers {j + 1} and {i + 1} have the same first 16 bytes, their name");
                }
            }
        }

        return copies;
    }

    private static TlsException Invalid(string why) =>
        new(TlsError.OptionInvalid, $"The ticket keys cannot be used: {why}.");
}
