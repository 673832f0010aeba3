using System.Text;

namespace Gain.Tests.Server;

/// <summary>A place to write to that takes nothing until it is opened: a pipe that nobody reads.</summary>
internal sealed class GatedWriter : TextWriter
{
    private readonly ManualResetEventSlim _isOpen = new();
    private readonly List<string> _lines = [];

    public override Encoding Encoding => Encoding.UTF8;

    public bool Fails { get; set; }

    public string[] Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public void Open() => _isOpen.Set();

    public override void WriteLine(string? value)
    {
        _isOpen.Wait();
        if (Fails)
        {
            throw new IOException("No space left on device");
        }

        lock (_lines)
        {
            _lines.Add(value!);
        }
    }

    protected override void Dispose(bool disposing)
    {
        // Whoever waits goes on: its thread is a background thread, and ends with the process.
        _isOpen.Set();
        base.Dispose(disposing);
    }
}
