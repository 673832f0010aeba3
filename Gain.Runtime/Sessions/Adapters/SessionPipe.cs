using System.IO.Pipelines;

namespace Gain.Sessions;

/// <summary>A session's connection as a pair of pipes, over its stream.</summary>
internal sealed class SessionPipe : IDuplexPipe
{
    // Reads of zero bytes first: a connection that is silent has no buffer.
    private static readonly StreamPipeReaderOptions s_reading =
        new(leaveOpen: true, useZeroByteReads: true);

    private static readonly StreamPipeWriterOptions s_writing = new(leaveOpen: true);

    public SessionPipe(Stream stream)
    {
        Input = PipeReader.Create(stream, s_reading);
        Output = PipeWriter.Create(stream, s_writing);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }
}
