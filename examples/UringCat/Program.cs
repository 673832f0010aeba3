using System.CommandLine;
using Gain.Uring;
using Gain.UringCat;

const int Failed = 1;

// The exit code of a program that SIGPIPE ended.
const int PipeBroken = 128 + 13;

var mode = new Option<string>("--mode")
{
    Description = "How to read: linked (open, reads and close as one chain), vectored (several pieces with "
        + "each read), or fixed (into a registered buffer).",
    DefaultValueFactory = _ => "linked",
};
mode.AcceptOnlyFromAmong("linked", "vectored", "fixed");
var files = new Argument<string[]>("file")
{
    Description = "The files to write to standard output, one after the other.",
    Arity = ArgumentArity.OneOrMore,
};
var root = new RootCommand("Writes files to standard output, read with io_uring.") { mode, files };
root.SetAction(parsed =>
{
    using Ring ring = Ring.Create(new RingOptions { Entries = 64 });
    using IFileReader reader = parsed.GetValue(mode) switch
    {
        "vectored" => new VectoredReader(ring),
        "fixed" => new FixedReader(ring),
        _ => new LinkedReader(ring),
    };
    var output = new RingOutput(ring);
    int exitCode = 0;
    foreach (string file in parsed.GetValue(files)!)
    {
        try
        {
            reader.CopyTo(file, output);
        }
        catch (IOException failure)
        {
            // The others are written all the same.
            exitCode = Complain(failure);
        }
    }

    return exitCode;
});

try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (OutputException failure)
{
    return failure.IsBrokenPipe ? PipeBroken : Complain(failure);
}
catch (RingException failure)
{
    return Complain(failure);
}

static int Complain(Exception failure)
{
    Console.Error.WriteLine($"uring-cat: {failure.Message}");
    return Failed;
}
