use std::thread;

use super::*;

#[test]
fn a_commit_without_a_result_has_not_succeeded() {
    let group = Group::default();
    let commit = || Commit::default();
    thread::scope(|scope| {
        // It takes until two more wait, which go together then.
        let first = scope.spawn(|| {
            group.commit(commit(), |_| {
                while group.lock().commits.len() < 2 {
                    thread::yield_now();
                }
                Ok(vec![Ok(())])
            })
        });
        while !group.lock().is_busy {
            thread::yield_now();
        }
        let others = [(); 2].map(|()| {
            scope.spawn(|| {
                group.commit(commit(), |commits| match commits.len() {
                    1 => Ok(Vec::new()),
                    _ => Err(StoreError::Conflict),
                })
            })
        });
        assert!(first.join().unwrap().is_ok());
        for other in others {
            let result = other.join().unwrap();
            assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
        }
    });
}
