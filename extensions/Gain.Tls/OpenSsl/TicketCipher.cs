using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gain.Tls.OpenSsl;

/// <summary>Gives OpenSSL the key of a session ticket that it writes or reads.</summary>
internal static unsafe class TicketCipher
{
    private const int NameBytes = 16;
    private const int IvBytes = 16;
    private const int CipherKeyBytes = 32;
    private const int MacKeyBytes = 32;

    private const int Failed = -1;
    private const int Unknown = 0;
    private const int Good = 1;
    private const int GoodButRenew = 2;

    // Fetched once: EVP_aes_256_cbc() would look it up, under a lock, for each ticket.
    private static readonly nint s_cipher = LibCrypto.EVP_CIPHER_fetch(0, "AES-256-CBC", null);

    // SAFETY: OpenSSL gives 16 bytes for the name and room for 16 of the IV; the contexts are its own. The
    // key is pinned while they copy it.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int Handle(nint ssl, byte* name, byte* iv, nint cipher, nint mac, int isEncrypting)
    {
        if (SslCallbacks.Current?.TicketKeys is not { } keys || s_cipher == 0)
        {
            return Failed;
        }

        byte[][] all = keys.Current;
        if (isEncrypting == 1)
        {
            all[0].AsSpan(0, NameBytes).CopyTo(new Span<byte>(name, NameBytes));
            return LibCrypto.RAND_bytes(iv, IvBytes) == 1 && Start(all[0], iv, cipher, mac, isEncrypting)
                ? Good : Failed;
        }

        // A client uses a ticket of TLS 1.3 once (RFC 8446, appendix C.4): it gets another for the next time.
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].AsSpan(0, NameBytes).SequenceEqual(new ReadOnlySpan<byte>(name, NameBytes)))
            {
                return !Start(all[i], iv, cipher, mac, isEncrypting) ? Failed
                    : i == 0 && LibSsl.SSL_version(ssl) < Ssl.TLS1_3_VERSION ? Good : GoodButRenew;
            }
        }

        return Unknown;
    }

    private static bool Start(byte[] key, byte* iv, nint cipher, nint mac, int isEncrypting)
    {
        fixed (byte* start = key)
        fixed (byte* keyName = "key\0"u8)
        fixed (byte* digestName = "digest\0"u8)
        fixed (byte* digest = "SHA256\0"u8)
        {
            byte* cipherKey = start + NameBytes;
            OsslParam* parameters = stackalloc OsslParam[3];
            parameters[0] = new OsslParam
            {
                Key = keyName, DataType = OsslParam.OctetString, Data =
                    cipherKey + CipherKeyBytes, DataSize = MacKeyBytes,
            };
            parameters[1] = new OsslParam
            {
                Key = digestName, DataType = OsslParam.Utf8String, Data = digest, DataSize = 6,
            };
            parameters[2] = default;
            int result = isEncrypting == 1
                ? LibCrypto.EVP_EncryptInit_ex(cipher, s_cipher, 0, cipherKey, iv)
                : LibCrypto.EVP_DecryptInit_ex(cipher, s_cipher, 0, cipherKey, iv);
            return result == 1 && LibCrypto.EVP_MAC_CTX_set_params(mac, parameters) == 1;
        }
    }
}
