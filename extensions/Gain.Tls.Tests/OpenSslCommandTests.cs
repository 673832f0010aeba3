using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Gain.Tls.Tests;

/// <summary>OpenSSL's own programs as the other end, over sockets.</summary>
[CancelAfter(60_000)]
public class OpenSslCommandTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("gain-tls").FullName;
        File.WriteAllText(Path.Combine(_folder, "root.pem"), Certificates.Root.ExportCertificatePem());
        WriteCertificate("server", Pair.Host);
        WriteCertificate("alice", "alice");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("-tls1_2", "TLSv1.2")]
    [TestCase("-tls1_3", "TLSv1.3")]
    [TestCase("-tls1_2 -no_ticket", "TLSv1.2")]
    [TestCase("-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-CHACHA20-POLY1305")]
    [TestCase("-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256")]
    [TestCase("-groups P-384", "P-384|secp384r1")]
    [TestCase("-alpn other,gain", "ALPN protocol: gain")]
    [TestCase("-status", "OCSP response")]
    [TestCase("-split_send_frag 600 -max_send_frag 600", "Verification: OK|Verify return code: 0")]
    [TestCase("-cert alice.pem -key alice.key", "Verification: OK|Verify return code: 0")]
    public void S_client_is_served(string arguments, string expected)
    {
        string output = RunClient(Options(), arguments, "hello\n", out string received);
        Assert.That(received, Is.EqualTo("hello\n"), output);
        Assert.That(output, Does.Match(expected).And.Contain("echo:hello"));
    }

    [TestCase("-tls1_1 -cipher DEFAULT@SECLEVEL=0",
        "alert protocol version|no protocols available|protocol version")]
    [TestCase("-alpn other", "no application protocol")]
    public void S_client_is_refused(string arguments, string expected)
    {
        string output = RunClient(Options(), arguments, "hello\n", out string received);
        Assert.That(received, Is.Empty);
        Assert.That(output, Does.Match(expected));
    }

    [Test]
    public void S_client_without_a_certificate_is_refused_where_one_is_required()
    {
        TlsServerOptions options = Options();
        options.ClientCertificates = TlsClientCertificates.Required;
        string output = RunClient(options, "", "hello\n", out string received);
        Assert.That(received, Is.Empty);
        Assert.That(output, Does.Contain("certificate required"));
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public void S_client_resumes_a_session_at_another_context(string version)
    {
        var keys = new TlsTicketKeys();
        TlsServerOptions options = Options();
        options.TicketKeys = keys;
        string first = RunClient(options, $"{version} -sess_out session.pem", "one\n", out _);
        Assert.That(first, Does.Contain("New, TLS"));
        string second = RunClient(options, $"{version} -sess_in session.pem", "two\n", out string received);
        Assert.That(second, Does.Contain("Reused, TLS"));
        Assert.That(received, Is.EqualTo("two\n"));
    }

    // Early data can be sent again by anyone who has seen it.
    [Test]
    public void S_client_may_send_no_early_data()
    {
        TlsServerOptions options = Options();
        options.TicketKeys = new TlsTicketKeys();
        string first = RunClient(options, "-tls1_3 -sess_out session.pem", "one\n", out _, isQuiet: false);
        Assert.That(first, Does.Contain("Max Early Data: 0"));
        File.WriteAllText(Full("early.txt"), "early\n");
        string second = RunClient(
            options,
            "-tls1_3 -sess_in session.pem -early_data early.txt",
            "two\n",
            out string received,
            isQuiet: false);
        Assert.That(second, Does.Contain("Reused, TLS").And.Contain("Early data was not sent"));
        Assert.That(received, Is.EqualTo("two\n"));
    }

    [Test]
    public void S_client_updates_its_keys()
    {
        string output = RunClient(Options(), "-tls1_3", "K\nhello\n", out string received, isQuiet: false);
        Assert.That(output, Does.Contain("KEYUPDATE"));
        Assert.That(received, Is.EqualTo("hello\n"));
    }

    [Test]
    public void S_client_is_refused_a_renegotiation()
    {
        string output = RunClient(Options(), "-tls1_2", "R\nhello\n", out string received, isQuiet: false);
        Assert.That(output, Does.Contain("RENEGOTIATING").And.Contain("no renegotiation"));
        Assert.That(received, Is.Empty);
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    [TestCase("-tls1_3 -Verify 1 -CAfile root.pem -verify_return_error")]
    [TestCase("-tls1_3 -no_ticket -num_tickets 0")]
    public void S_server_serves_our_client(string arguments)
    {
        using Process server = Start(
            $"s_server -accept 127.0.0.1:0 -cert server.pem -key server.key -naccept 1 -rev {arguments}");
        string? line;
        do
        {
            line = server.StandardOutput.ReadLine();
        }
        while (line is not null && !line.StartsWith("ACCEPT ", StringComparison.Ordinal));
        int port = int.Parse(line!.Split(':')[^1]);
        using TlsContext context = TlsContext.ForClient(
            ClientCertificateTests.Showing(TlsCertificate.FromPemFile(Full("alice.pem"), Full("alice.key"))));
        using var peer = new Peer(context, Pair.Host);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        peer.Receive();
        bool isAsked = false;
        while (peer.ReceivedText.Length < 6 && peer.Status is not TlsStatus.Failed and not TlsStatus.Closed)
        {
            if (peer.Session.IsHandshaken && !isAsked)
            {
                peer.Send("hello\n");
                isAsked = true;
            }

            Exchange(peer, socket);
        }

        Assert.That(peer.ReceivedText, Is.EqualTo("olleh\n"), peer.Session.Failure.Describe());
        server.Kill();
        server.WaitForExit();
    }

    private string Full(string name) => Path.Combine(_folder, name);

    private void WriteCertificate(string file, string name)
    {
        using X509Certificate2 made = Certificates.Make(name);
        File.WriteAllText(Full($"{file}.pem"), made.ExportCertificatePem());
        File.WriteAllText(Full($"{file}.key"), Certificates.KeyPem(made));
    }

    private TlsServerOptions Options()
    {
        TlsServerOptions options = ClientCertificateTests.Asking(TlsClientCertificates.Optional);
        options.Certificate = TlsCertificate.FromPemFile(Full("server.pem"), Full("server.key"));
        options.ApplicationProtocols.Add("gain");
        return options;
    }

    // Serves one connection: a line is answered with "echo:" in front, then the server closes.
    private string RunClient(
        TlsServerOptions options, string arguments, string input, out string received, bool isQuiet = true)
    {
        using TlsContext context = TlsContext.ForServer(options);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        string name = options.Certificate!.Subject[3..];
        string mode = isQuiet ? "-ign_eof" : "";
        using Process client = Start(
            $"s_client -connect 127.0.0.1:{port} -servername {name} -CAfile root.pem {mode} {arguments}");
        Task<string> output = client.StandardOutput.ReadToEndAsync();
        Task<string> errors = client.StandardError.ReadToEndAsync();
        using Socket socket = listener.Accept();
        using var peer = new Peer(context);
        bool isGiven = false;
        bool isAnswered = false;
        while (peer.Status is not TlsStatus.Failed and not TlsStatus.Closed && Exchange(peer, socket))
        {
            if (peer.Session.IsHandshaken && !isGiven)
            {
                // Each line must be a read of its own: s_client looks for commands at the start of one.
                isGiven = true;
                foreach (string line in input.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    client.StandardInput.Write(line + "\n");
                    client.StandardInput.Flush();
                    if (line.Length == 1)
                    {
                        Exchange(peer, socket);
                    }
                }
            }

            if (peer.ReceivedText.EndsWith('\n') && !isAnswered)
            {
                isAnswered = true;
                peer.Send("echo:" + peer.ReceivedText);
                peer.Close();
                Flush(peer, socket);
                socket.Shutdown(SocketShutdown.Send);
            }
        }

        Flush(peer, socket);
        socket.Close();
        client.StandardInput.Close();
        client.WaitForExit();
        received = peer.ReceivedText;
        return output.Result + errors.Result;
    }

    private static bool Exchange(Peer peer, Socket socket)
    {
        Flush(peer, socket);
        var buffer = new byte[65536];
        int count = 0;
        try
        {
            count = socket.Receive(buffer);
        }
        catch (SocketException)
        {
            // A reset is an end of the input too.
        }

        peer.Receive(buffer.AsSpan(0, count));
        Flush(peer, socket);
        return count != 0;
    }

    private static void Flush(Peer peer, Socket socket)
    {
        try
        {
            socket.Send(peer.Sent.TakeAll());
        }
        catch (SocketException)
        {
            // The other program has gone; what it printed is compared.
        }
    }

    private Process Start(string arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("openssl", arguments)
            {
                WorkingDirectory = _folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            Assert.Ignore($"openssl cannot be run: {fault.Message}");
            throw;
        }
    }
}
