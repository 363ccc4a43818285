/** Replaces `electron`: a test that imports it has crossed a module boundary. */
throw new Error('A unit under test imported electron: nothing below the shell may know it.')
