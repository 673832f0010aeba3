namespace Gain.Tls.OpenSsl;

/// <summary>The constants of OpenSSL's headers that are used here, with their own names.</summary>
internal static class Ssl
{
    internal const int SSL_ERROR_NONE = 0;
    internal const int SSL_ERROR_SSL = 1;
    internal const int SSL_ERROR_WANT_READ = 2;
    internal const int SSL_ERROR_SYSCALL = 5;
    internal const int SSL_ERROR_ZERO_RETURN = 6;
    internal const int SSL_ERROR_WANT_CLIENT_HELLO_CB = 11;

    internal const int SSL_SENT_SHUTDOWN = 1;
    internal const int SSL_RECEIVED_SHUTDOWN = 2;

    internal const int SSL_CTRL_MODE = 33;
    internal const int SSL_CTRL_SET_SESS_CACHE_MODE = 44;
    internal const int SSL_CTRL_SET_TLSEXT_HOSTNAME = 55;
    internal const int SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB = 63;
    internal const int SSL_CTRL_SET_TLSEXT_STATUS_REQ_TYPE = 65;
    internal const int SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP = 70;
    internal const int SSL_CTRL_SET_TLSEXT_STATUS_REQ_OCSP_RESP = 71;
    internal const int SSL_CTRL_SET_GROUPS_LIST = 92;
    internal const int SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
    internal const int SSL_CTRL_SET_MAX_PROTO_VERSION = 124;

    internal const int SSL_MODE_RELEASE_BUFFERS = 0x10;
    internal const int SSL_SESS_CACHE_OFF = 0;
    internal const int SSL_SESS_CACHE_CLIENT = 1;
    internal const int SSL_SESS_CACHE_NO_INTERNAL = 0x300;

    internal const ulong SSL_OP_NO_TICKET = 1UL << 14;
    internal const ulong SSL_OP_NO_COMPRESSION = 1UL << 17;
    internal const ulong SSL_OP_PRIORITIZE_CHACHA = 1UL << 21;
    internal const ulong SSL_OP_CIPHER_SERVER_PREFERENCE = 1UL << 22;
    internal const ulong SSL_OP_NO_RENEGOTIATION = 1UL << 30;

    internal const int SSL_VERIFY_NONE = 0;
    internal const int SSL_VERIFY_PEER = 1;
    internal const int SSL_VERIFY_FAIL_IF_NO_PEER_CERT = 2;

    internal const int SSL_CLIENT_HELLO_ERROR = 0;
    internal const int SSL_CLIENT_HELLO_SUCCESS = 1;
    internal const int SSL_CLIENT_HELLO_RETRY = -1;

    internal const int SSL_TLSEXT_ERR_OK = 0;
    internal const int SSL_TLSEXT_ERR_ALERT_FATAL = 2;
    internal const int SSL_TLSEXT_ERR_NOACK = 3;
    internal const int TLSEXT_STATUSTYPE_ocsp = 1;
    internal const uint TLSEXT_TYPE_server_name = 0;

    internal const int SSL_CB_LOOP = 1;
    internal const int SSL_CB_READ_ALERT = 0x4004;
    internal const int SSL_CB_WRITE_ALERT = 0x4008;

    internal const int TLS_ST_SR_CLNT_HELLO = 20;
    internal const int TLS_ST_CR_SESSION_TICKET = 9;
    internal const int TLS_ST_CR_HELLO_REQ = 41;
    internal const int TLS_ST_SR_KEY_UPDATE = 44;
    internal const int TLS_ST_CR_KEY_UPDATE = 45;

    internal const int SSL_KEY_UPDATE_REQUESTED = 1;

    internal const int X509_V_OK = 0;
    internal const int X509_V_ERR_APPLICATION_VERIFICATION = 50;
    internal const uint X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS = 4;

    internal const int SSL_AD_HANDSHAKE_FAILURE = 40;
    internal const int SSL_AD_DECODE_ERROR = 50;
    internal const int SSL_AD_INTERNAL_ERROR = 80;
    internal const int SSL_AD_UNRECOGNIZED_NAME = 112;
    internal const int SSL_AD_NO_APPLICATION_PROTOCOL = 120;

    internal const int BIO_TYPE_SOURCE_SINK = 0x0400;
    internal const int BIO_FLAGS_RWS_SHOULD_RETRY = 0x0f;
    internal const int BIO_FLAGS_READ_SHOULD_RETRY = 0x09;
    internal const int BIO_CTRL_FLUSH = 11;

    internal const int TLS1_2_VERSION = 0x0303;
    internal const int TLS1_3_VERSION = 0x0304;
}
